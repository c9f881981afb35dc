"""The service: reads what was published and answers over HTTP; it computes no statistics."""
