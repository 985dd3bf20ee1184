"""Subjects of IR(ME)R 2017, Schedule 3 (adequate training), by the codes under which competencies name them."""

SOURCE = "The Ionising Radiation (Medical Exposure) Regulations 2017 (SI 2017/1322), Schedule 3"

# The headings of Table 1, and of Table 2 those of the areas of practice that meet in PET-CT.
SUBJECTS = {
    "1-properties": "Properties of radiation",
    "1-hazards": "Radiation hazards and dosimetry",
    "1-special": "Special attention areas",
    "1-justification": "Justification and authorisation",
    "1-protection": "Radiation protection",
    "1-statutory": "Statutory obligations",
    "2-ct": "Diagnostic radiology: computed tomography",
    "2-nm-general": "Nuclear medicine: general",
    "2-nm-detection": "Nuclear medicine: detection, instrumentation and equipment",
    "2-nm-radiopharmaceuticals": "Nuclear medicine: radiopharmaceuticals",
    "2-nm-protection": "Nuclear medicine: radiation protection",
}
