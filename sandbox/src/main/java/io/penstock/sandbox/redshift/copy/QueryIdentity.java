package io.penstock.sandbox.redshift.copy;

/**
 * Who runs a statement.
 *
 * @param queryId of penstock_sandbox.query_ids
 * @param session process id of the client's PostgreSQL backend
 * @param userId oid of the client's user
 */
record QueryIdentity(int queryId, int session, int userId) {}
