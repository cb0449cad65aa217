"""What is counted while the newsroom works, in Prometheus' form; nothing where no setting asks for it."""
