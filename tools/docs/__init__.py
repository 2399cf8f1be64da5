"""What makes a site of the documentation; see mkdocs.yml."""
