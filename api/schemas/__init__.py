"""The shape of every answer, for the documentation and for those who build one."""
