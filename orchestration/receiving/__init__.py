"""Receiving: inbox → landing. Recognise, archive byte for byte, write the ledger, answer."""
