"""Traces, metrics and logs, under the names of OpenTelemetry's messaging conventions."""
