// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {EIP712} from '@openzeppelin/contracts/utils/cryptography/EIP712.sol';
import {SignatureChecker} from '@openzeppelin/contracts/utils/cryptography/SignatureChecker.sol';
import {RelayedOwnable} from '../forwarder/RelayedOwnable.sol';
import {IABCheckpoint} from '../interfaces/IABCheckpoint.sol';

/// @title Where the tree heads of event logs are anchored (documented in IABCheckpoint)
contract ABCheckpoint is IABCheckpoint, RelayedOwnable, EIP712 {
    bytes32 private constant TREE_HEAD_TYPEHASH = keccak256(
        'TreeHead(bytes32 logId,uint64 treeSize,bytes32 rootHash)'
    );

    /// @inheritdoc IABCheckpoint
    mapping(bytes32 logId => address signer) public signerOf;
    mapping(bytes32 logId => TreeHead[]) private _treeHeads;

    /// @param owner_ names the signers
    /// @param logId the log that has a signer from the start
    /// @param signer of that log; address zero: no log has one until the owner names it
    constructor(
        address trustedForwarder_,
        address owner_,
        bytes32 logId,
        address signer
    ) RelayedOwnable(trustedForwarder_, owner_) EIP712('AB.LAND Checkpoint', '1') {
        if (signer != address(0)) _setSigner(logId, signer);
    }

    /// @inheritdoc IABCheckpoint
    function anchor(
        bytes32 logId,
        uint64 treeSize,
        bytes32 rootHash,
        bytes calldata signature
    ) external returns (uint256 index) {
        address signer = signerOf[logId];
        if (signer == address(0)) revert UnknownLog(logId);
        TreeHead[] storage heads = _treeHeads[logId];
        index = heads.length;
        uint64 anchoredSize = index == 0 ? 0 : heads[index - 1].treeSize;
        if (treeSize <= anchoredSize) revert TreeNotGrown(logId, anchoredSize, treeSize);
        if (!SignatureChecker.isValidSignatureNow(signer, digestOf(logId, treeSize, rootHash), signature)) {
            revert InvalidSignature(logId, signer);
        }
        heads.push(TreeHead(treeSize, uint64(block.timestamp), rootHash));
        emit TreeHeadAnchored(logId, index, treeSize, rootHash, signer);
    }

    /// @inheritdoc IABCheckpoint
    function setSigner(bytes32 logId, address newSigner) external onlyOwner {
        _setSigner(logId, newSigner);
    }

    /// @inheritdoc IABCheckpoint
    function treeHeadCount(bytes32 logId) external view returns (uint256 count) {
        return _treeHeads[logId].length;
    }

    /// @inheritdoc IABCheckpoint
    function treeHead(bytes32 logId, uint256 index) external view returns (TreeHead memory head) {
        TreeHead[] storage heads = _treeHeads[logId];
        if (index >= heads.length) revert UnknownTreeHead(logId, index);
        return heads[index];
    }

    /// @inheritdoc IABCheckpoint
    function digestOf(bytes32 logId, uint64 treeSize, bytes32 rootHash) public view returns (bytes32 hash) {
        return _hashTypedDataV4(keccak256(abi.encode(TREE_HEAD_TYPEHASH, logId, treeSize, rootHash)));
    }

    function _setSigner(bytes32 logId, address newSigner) private {
        emit SignerUpdated(logId, signerOf[logId], newSigner);
        signerOf[logId] = newSigner;
    }
}
