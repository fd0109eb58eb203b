"""The Procfile's processes, really started, really killed."""
