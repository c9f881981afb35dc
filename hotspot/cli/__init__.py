"""The command line: parse, open one transaction, call, print."""
