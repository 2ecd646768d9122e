"""The desk: ``/admin``, plain pages for those who run the service and edit its results."""
