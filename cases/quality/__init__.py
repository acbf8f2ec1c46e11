"""What editors are told about the quality of the working copy."""
