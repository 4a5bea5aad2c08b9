"""What the services say of themselves: every metric and every log event (docs/telemetry.md)."""
