"""Training of the shipped encoder: the teacher, the texts, the student."""
