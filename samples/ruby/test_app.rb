require "minitest/autorun"
require_relative "app"

class AppTest < Minitest::Test
  def get(path)
    Rack::MockRequest.new(App.new).get(path)
  end

  def test_the_app_says_its_version
    assert_equal App::VERSION, JSON.parse(get("/").body)["version"]
  end

  def test_an_unknown_path_is_not_found
    assert_equal 404, get("/nothing").status
  end
end
