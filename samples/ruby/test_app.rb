require "minitest/autorun"
require_relative "app"

class AnswerTest < Minitest::Test
  def test_the_app_says_its_version
    assert_equal VERSION_OF_APP, answer("/")[1][:version]
  end

  def test_an_unknown_path_is_not_found
    assert_equal 404, answer("/nothing")[0]
  end
end
