<?php

require __DIR__ . '/../vendor/autoload.php';

[$status, $body] = Hello\App::answer(parse_url($_SERVER['REQUEST_URI'], PHP_URL_PATH), '1.0.0');
http_response_code($status);
header('Content-Type: application/json');
echo json_encode($body);
