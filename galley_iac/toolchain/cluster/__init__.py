"""A Kubernetes cluster of one node, for tests and for trying previews on Kubernetes.

======================  ==================================================================================
:mod:`place`            its folders, addresses and ports
:mod:`programs`         what it runs: built from source or installed
:mod:`image`            the image of its own pods
:mod:`certificates`     its authority and keys
:mod:`config`           the components' configuration files
:mod:`components`       the components' commands
:mod:`node`             the first process: makes the node and starts the components
:mod:`forward`          from this machine's loopback interface to the node
:mod:`api`              requests to the API server
:mod:`lifecycle`        start and stop
======================  ==================================================================================
"""
