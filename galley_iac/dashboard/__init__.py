"""The dashboard: every preview, every service's state and every log, in a browser and as JSON.

``model`` is what is shown, as data; ``source`` says where it comes from, and ``live`` takes it from the
Docker engine and Pulumi's state. ``app`` serves it: pages, their live updates, JSON, metrics, and actions
for who may.
"""
