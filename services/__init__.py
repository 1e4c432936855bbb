"""The services, one package each. They share `autodev` and talk through Kafka topics; none imports another."""
