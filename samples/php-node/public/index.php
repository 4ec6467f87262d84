<?php

require __DIR__ . '/../vendor/autoload.php';

$path = parse_url($_SERVER['REQUEST_URI'], PHP_URL_PATH);
if ($path !== '/' && is_file(__DIR__ . $path)) {
    return false; // The server sends the file itself.
}

[$status, $type, $body] = (new Hello\App(dirname(__DIR__)))->answer($path);
http_response_code($status);
header("Content-Type: $type");
echo $body;
