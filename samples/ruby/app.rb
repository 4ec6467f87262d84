# A small web app on WEBrick.
require "json"
require "webrick"

VERSION_OF_APP = "1.0.0"

def answer(path)
  case path
  when "/health" then [200, { status: "ok" }]
  when "/" then [200, { app: "hello-ruby", version: VERSION_OF_APP, runtime: RUBY_VERSION }]
  else [404, { error: "not found" }]
  end
end

if $PROGRAM_NAME == __FILE__
  server = WEBrick::HTTPServer.new(BindAddress: "127.0.0.1", Port: Integer(ENV.fetch("PORT")), AccessLog: [])
  server.mount_proc("/") do |request, response|
    status, body = answer(request.path)
    response.status = status
    response["Content-Type"] = "application/json"
    response.body = JSON.generate(body)
  end
  trap("TERM") { server.shutdown }
  server.start
end
