"""The version of what a check stores, raised when features or measures change; light enough to ask for anywhere."""

EVIDENCE_VERSION = 2
