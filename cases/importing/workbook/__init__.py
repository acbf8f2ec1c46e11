"""Workbooks, XLSX or CSV: sheets of rows that become the same documents as the YAML files."""
