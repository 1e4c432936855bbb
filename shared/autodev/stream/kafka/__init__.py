"""The broker adapters on aiokafka."""
