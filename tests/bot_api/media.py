"""What a message can hold besides text, as the Bot API has it, by its field."""

MEDIA = {
    "photo": [{"file_id": "f", "file_unique_id": "u", "width": 90, "height": 90}],
    "sticker": {
        "file_id": "f",
        "file_unique_id": "u",
        "type": "regular",
        "width": 512,
        "height": 512,
        "is_animated": False,
        "is_video": False,
    },
    "voice": {"file_id": "f", "file_unique_id": "u", "duration": 3},
    "poll": {
        "id": "1",
        "question": "Who?",
        "options": [{"persistent_id": "1", "text": "A", "voter_count": 0}],
        "total_voter_count": 0,
        "is_closed": False,
        "is_anonymous": True,
        "type": "regular",
        "allows_multiple_answers": False,
        "allows_revoting": False,
        "members_only": False,
    },
}
