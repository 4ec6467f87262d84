import unittest

from main import VERSION, answer


class AnswerTests(unittest.TestCase):
    def test_the_app_says_its_version(self):
        self.assertEqual(answer("/")[1]["version"], VERSION)

    def test_an_unknown_path_is_not_found(self):
        self.assertEqual(answer("/nothing")[0], 404)
