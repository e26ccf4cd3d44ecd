"""The synthetic insurance claims, their generator and planted truth."""
