"""The rules of evaluation (评诺): scores, peers, the mass appraisal, grades and what becomes of each item."""
