"""What is promised: the ledger, time, queues, settings, the store and Twilio's REST client.

Nothing here speaks to a resident directly (that is bot/) or decides what is said (that is flows/).
"""
