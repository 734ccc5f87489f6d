"""The figures of the depth lab, their titles and sentences."""
