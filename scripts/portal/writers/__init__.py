"""From the model to what is published: maps, charts, feeds, letters, documents. Same input, same bytes."""
