"""What may be seen at which level: from what was published, versions for partners and for everybody."""
