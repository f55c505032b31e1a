"""What is found out about documents: alone (one at once), together (a batch), in portions (longer than the model)."""
