"""Automation: jobs, schedules, sensors, freshness, and what is due."""
