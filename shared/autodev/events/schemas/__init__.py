"""The contracts as files: JSON Schemas of every event type, the topics, and the rule by which they may change.

`python -m autodev.events.schemas write | check | release`, from the root of a checkout.
"""
