"""Ingestion: landing → lake. Read as text, map headers, cast, check, pseudonymise, split."""
