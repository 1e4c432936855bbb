"""What runs inside an agent's process: recording of skills, hot loading of promoted versions, and the event bus.

It never raises into the agent and never blocks it: whatever costs time happens on one background thread.
"""
