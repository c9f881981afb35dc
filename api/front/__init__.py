"""What stands before the service: answers from kept bytes, and lets no more in than can be served."""
