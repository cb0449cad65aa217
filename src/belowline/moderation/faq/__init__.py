"""The Comments FAQ, written out of the policy that decides, the settings in force and the figures of the last days.

It stands here, below the readers' pages and the desk, because both show it: neither may import the other.
"""
