"""Apache Kafka on the JVM: its jars and its settings."""
