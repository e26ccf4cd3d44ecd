"""The whole road on a file, without a browser: what `manage.py plan` calls, step by step, through the same services."""
