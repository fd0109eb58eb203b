"""What is said: a conversation as a pure function, the directory and the words.

Nothing here knows of Flask, Redis or Twilio, reads a clock, or keeps anything.
"""
