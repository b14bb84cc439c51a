"""Materials become a verdict, an officer decides."""
