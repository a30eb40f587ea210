package org.vipmanager.http;

import java.util.Map;

/**
 * What a server has answered.
 *
 * @param headers the first value of each, by name in lower case
 * @param body decoded as UTF-8
 * @param last whether the server takes no further request on this connection
 */
record HttpReply(int status, Map<String, String> headers, String body, boolean last) {}
