from django.test import SimpleTestCase

from shop.urls import VERSION


class HomeTests(SimpleTestCase):
    def test_the_app_says_its_version(self):
        self.assertEqual(self.client.get("/").json()["version"], VERSION)
