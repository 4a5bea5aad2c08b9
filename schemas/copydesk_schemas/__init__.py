"""The messages of copydesk: their JSON Schemas, their headers, and typed classes for them.

A consumer of the topics needs this package and nothing else of copydesk.
"""
