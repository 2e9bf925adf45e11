"""Text → model. What is wrong is gathered as values and shown together."""
