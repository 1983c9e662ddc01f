"""How Pulumi, its plugins, a Docker engine and base images get onto a machine, and how they are found.

Nothing here imports pulumi: it has to work before pulumi is there.

======================  =====================================================================================
:mod:`pins`             every version, in one place
:mod:`paths`            where things are kept
:mod:`locate`           which Pulumi is used: the machine's, else the one that was set up
:mod:`artifact`         a folder that is there whole or not at all, and the lock that keeps two set-ups apart
:mod:`download`         official archives, checked against their published checksums
:mod:`gobuild`          the same programs, built from the Go module proxy
:mod:`pulumi`           the CLI and the Python language host
:mod:`plugins`          resource plugins
:mod:`engine`           which Docker engine is used, and how one of our own is started and stopped
:mod:`images`           base images: the registry's, else stand-ins
:mod:`doctor`           what is there, what is missing, and the remedy
:mod:`setup`            all of it in order
======================  =====================================================================================
"""
