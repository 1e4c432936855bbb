"""Proposals: opens a case for a pattern of failures, sees whether it reproduces, and proposes candidates."""
