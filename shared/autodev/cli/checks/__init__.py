"""What `autodev doctor` looks at: this machine, the servers, the services."""
