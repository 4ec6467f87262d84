require "json"
require "rack"

# A small Rack app: an object that takes the request's environment and answers with status, headers and body.
class App
  VERSION = "1.0.0"

  def call(env)
    status, body = answer(Rack::Request.new(env).path)
    [status, { "content-type" => "application/json" }, [JSON.generate(body)]]
  end

  private

  def answer(path)
    case path
    when "/health" then [200, { status: "ok" }]
    when "/" then [200, { app: "hello-ruby", version: VERSION, runtime: RUBY_VERSION, rack: Rack.release }]
    else [404, { error: "not found" }]
    end
  end
end
