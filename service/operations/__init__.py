"""What the API does, as data: the OpenAPI document is made from it."""
